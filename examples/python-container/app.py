"""A small Flask service; GREETING is set in cloudbase-run.yml."""

import os

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/", defaults={"path": ""})
@app.get("/<path:path>")
def answer(path):
    greeting = os.environ.get("GREETING", "Hello")
    return jsonify(message=f"{greeting} from a CloudBase Run container", path=f"/{path}")
