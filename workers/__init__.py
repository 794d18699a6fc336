"""The back door: RQ workers that fetch and enrich. Imports the lower floors of `api`, never its front door."""
