"""Look at the finished book as readers do, in a real browser: pictures of every page, overflow, overlap, requests."""
