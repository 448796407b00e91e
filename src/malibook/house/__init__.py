"""What the house style is made of, apart from drawing: words, colours, outlines. Light to load: the press needs no drawing library."""
