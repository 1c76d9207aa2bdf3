#!/usr/bin/env python3
"""Draws the rates of hits in a result file as bars, small bodies and large ones beside each other.

chart.py FILE.json [FILE.svg]
"""

import sys

sys.dont_write_bytecode = True

from pathlib import Path
from xml.sax.saxutils import escape

from harness import servers
from harness.results import Results

PANELS = (("small", "3 KB hits per second, 64 connections"), ("large8", "3.5 MB hits per second, 8 connections"))
PANEL_WIDTH, GAP, LABELS, VALUES = 480, 24, 222, 62
ROW, BAR, TOP, BOTTOM, MARGIN = 26, 16, 60, 52, 12
LABEL_OF = {
    "before-router": "CachedRoutes, before router",
    "router": "CachedRoutes, in the router",
    "own": "CachedRoutes, its own server",
    "near": "CachedRoutes, near cache",
    "memory": "CachedRoutes, memory only",
    "article": "FastAPI and Redis",
    "fastapi-cache2": "FastAPI, fastapi-cache2",
    "go": "Go and Redis",
    "rust": "Rust and Redis",
    "nginx": "nginx proxy_cache",
    "varnish": "Varnish",
    "nginx-static": "nginx, static files",
    "hummingbird": "Hummingbird, constant body",
}
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .note { font-size: 11px; fill: #59636e }
  .label { text-anchor: end }
  .ours { fill: #d9480f } .redis { fill: #5c7cfa } .memory { fill: #868e96 }
  .own { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .note { fill: #9198a1 }
    .ours { fill: #ff8a4c } .redis { fill: #748ffc } .memory { fill: #8b949e }
  }
"""
KINDS = (("ours", "this project"), ("redis", "asks Redis for each hit"), ("memory", "answers from its own memory or files"))


def kind(name):
    if servers.by_name[name].kind == "ours":
        return "ours"
    return "redis" if servers.by_name[name].kind == "peer" else "memory"


def bars(results, scenario):
    """Servers and rates, the fastest first."""
    rates = {name: results.median(scenario, name, "rate") for name in results.servers(scenario)}
    found = [(name, rate) for name, rate in rates.items() if rate is not None and name in LABEL_OF]
    return sorted(found, key=lambda bar: -bar[1])


def panel(left, title, found):
    lines = [f'<text class="title" x="{left}" y="{TOP - 26}">{escape(title)}</text>']
    room = PANEL_WIDTH - LABELS - VALUES
    most = max(rate for _, rate in found)
    for index, (name, rate) in enumerate(found):
        middle = TOP + index * ROW + BAR / 2
        start, width = left + LABELS, max(1.0, room * rate / most)
        own = " own" if kind(name) == "ours" else ""
        value = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        lines += [
            f'<text class="label{own}" x="{start - 8}" y="{middle:g}" dy=".35em">{escape(LABEL_OF[name])}</text>',
            f'<rect class="{kind(name)}" x="{start}" y="{middle - BAR / 2:g}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            f'<text class="value{own}" x="{start + width + 6:.1f}" y="{middle:g}" dy=".35em">{value}</text>',
        ]
    return lines


def legend(y, kinds):
    lines, left = [], MARGIN
    for name, title in KINDS:
        if name in kinds:
            lines.append(f'<rect class="{name}" x="{left}" y="{y - 9}" width="10" height="10" rx="2"/>')
            lines.append(f'<text class="note" x="{left + 15}" y="{y}">{escape(title)}</text>')
            left += 40 + 6 * len(title)
    return lines


def draw(results):
    """The picture; None where nothing that it shows was measured."""
    panels = [(title, found) for scenario, title in PANELS if (found := bars(results, scenario))]
    if not panels:
        return None
    width = 2 * MARGIN + len(PANELS) * PANEL_WIDTH + GAP
    height = TOP + ROW * max(len(found) for _, found in panels) + BOTTOM
    machine = results.document["machine"]
    note = f"{machine['cores']} cores of {machine['cpu']}, shared with the load generator; medians of interleaved runs"
    description = "; ".join(title + ": " + ", ".join(f"{LABEL_OF[n]} {r:,.0f}" for n, r in found) for title, found in panels)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
        "<title>Hits per second</title>",
        f"<desc>{escape(description)}</desc>",
        f"<style>{STYLE}</style>",
    ]
    for index, (title, found) in enumerate(panels):
        lines += panel(MARGIN + index * (PANEL_WIDTH + GAP), title, found)
    lines += legend(height - 32, {kind(name) for _, found in panels for name, _ in found})
    lines.append(f'<text class="note" x="{MARGIN}" y="{height - 12}">{escape(note)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def write(results, path):
    picture = draw(results)
    if picture is not None:
        Path(path).write_text(picture)
    return picture is not None


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if not write(Results.read(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else Path(sys.argv[1]).with_suffix(".svg")):
        sys.exit("chart.py: the file has no hits")
