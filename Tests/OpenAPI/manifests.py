"""Validates all manifests of examples and tests by the schema, except those that show mistakes.

  manifests.py SCHEMA ROOT
"""
import json
import pathlib
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML as the manifest has it: of the words, true and false alone are no texts, and dates are texts."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), ["t", "f"])

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
root = pathlib.Path(sys.argv[2])
count = 0
status = 0
for path in sorted([*root.glob("Examples/**/*routes.yaml"), *root.glob("Tests/**/*routes.yaml")]):
    if any(part.startswith(".") or part in ("Mistakes", "Faulty") for part in path.relative_to(root).parts):
        continue
    count += 1
    for error in validator.iter_errors(yaml.load(path.read_text(encoding="utf-8"), Loader)):
        print(f"{path.relative_to(root)}: {list(error.absolute_path)}: {error.message}")
        status = 1
print(f"{count} manifests")
sys.exit(status or count < 5)
