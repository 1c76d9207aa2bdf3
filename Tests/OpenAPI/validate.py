"""Validates the two forms of a document and compares them.

  validate.py DOCUMENT.yaml DOCUMENT.json
"""
import json
import sys

import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

with open(sys.argv[1], encoding="utf-8") as file:
    first = yaml.safe_load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    second = json.load(file)
for document in (first, second):
    OpenAPIV31SpecValidator(document).validate()
if first != second:
    sys.exit(f"{sys.argv[1]} and {sys.argv[2]} are not the same document")
print(f"{sum(len(item) for item in first['paths'].values())} operations, valid, the same in both forms")
