"""The page as it was first written: it waits for as long as it takes, and tells players what urllib says."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen


class Trips(BaseHTTPRequestHandler):
    def do_GET(self):
        city = self.path.split("/")[-1]
        page = {"city": city, "missing": {}}
        for name in ("forecast", "alerts"):
            try:
                page[name] = json.load(urlopen(f"{os.environ['WEATHER_URL']}/{name}/{city}"))
                page["missing"][name] = False
            except Exception as error:
                page[name] = []
                page["missing"][name] = str(error)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(page).encode())


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Trips).serve_forever()
