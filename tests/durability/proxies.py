"""The Caddyfile that is shipped, in front of API processes on this machine.

One thing is other than shipped: each API is named by itself, for one name cannot have two ports. So what has a body and
meets an API that is gone is not sent to the next one, but answered with 502 by the proxy.
"""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT


def proxy_before(home: Path, url: str, apis: list[int]) -> list[str]:
    """The words that run it, for the APIs at these ports; its file is in `home`."""
    text = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    behind = " ".join(f"127.0.0.1:{port}" for port in apis)
    text = text.replace("{$SCHOLIUM_DOMAIN}", url).replace("api:8420", behind)
    file = home / "Caddyfile"
    file.write_text(text.replace("{\n", "{\n\tadmin off\n", 1), "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
