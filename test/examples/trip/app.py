"""A trip's page, made of two calls to a weather service. What fails is empty on it, and named as missing."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

DEADLINE = 0.5
WEATHER = os.environ["WEATHER_URL"]
calls = ThreadPoolExecutor(max_workers=20)


class Trips(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"status": "ok"})
        if not self.path.startswith("/trips/"):
            return self.answer(404, {"error": "not found"})
        city = self.path.removeprefix("/trips/")
        # Both are under way before either is waited for.
        asked = {name: calls.submit(read, f"/{name}/{city}") for name in ("forecast", "alerts")}
        page = {"city": city, "missing": {}}
        for name, call in asked.items():
            try:
                page[name] = call.result(timeout=DEADLINE)
                page["missing"][name] = False
            except Exception as error:
                self.log_message("%s: %r", name, error)
                page[name] = []
                page["missing"][name] = True
        self.answer(200, page)

    def answer(self, status, page):
        body = json.dumps(page).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def read(path):
    """The list that a 200 brought. A timeout of urlopen is for each read; the whole is waited for by its caller."""
    with urlopen(WEATHER + path, timeout=DEADLINE) as response:
        data = json.load(response)
    if response.status != 200 or not isinstance(data, list):
        raise ValueError(f"{path} is not what it was")
    return data


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Trips).serve_forever()
