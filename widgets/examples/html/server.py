"""A help desk in one file: serves the page, answers questions, and tells sayso what was asked and answered.

SAYSO_URL=http://127.0.0.1:8710 SAYSO_KEY=sk_... PUBLIC_SAYSO_KEY=pk_... python server.py
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import sayso

PORT = int(os.environ.get("PORT", "3000"))
PAGE = Path(__file__).with_name("index.html").read_text("utf-8")
FILLED_IN = {"SAYSO_URL": os.environ["SAYSO_URL"], "PUBLIC_SAYSO_KEY": os.environ["PUBLIC_SAYSO_KEY"]}

client = sayso.Client.from_env()


class HelpDesk(BaseHTTPRequestHandler):
    """Two answers: the page, and what a model would say."""

    def do_GET(self) -> None:
        """Serve the page, with where the collector is and the key for browsers in it."""
        page = PAGE
        for name, value in FILLED_IN.items():
            page = page.replace(f"%{name}%", value)
        self.answer("text/html; charset=utf-8", page)

    def do_POST(self) -> None:
        """Answer a question. The id is made here: sayso gets it now, the page gets it with the answer."""
        question = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer, target = "You can return anything within 30 days.", f"msg_{uuid4()}"
        client.interaction(target, input=question, output=answer, model="help-desk-1")
        self.answer("application/json", json.dumps({"id": target, "text": answer}))

    def answer(self, kind: str, text: str) -> None:
        """Send a text."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())


print(f"http://localhost:{PORT}", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), HelpDesk).serve_forever()
