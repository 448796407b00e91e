"""The name under which an exhibit travels inside an executed notebook; known to who reads notebooks and draws nothing."""

MIME = "application/vnd.malibook.exhibit+json"
