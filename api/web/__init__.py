"""The library in a browser tab: server-rendered pages and small ES modules."""
