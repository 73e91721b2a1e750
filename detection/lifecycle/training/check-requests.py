"""Checks requests to SageMaker, read from stdin as {operation: request}, against AWS's own service description; prints what does not fit as a JSON list."""
import json
import re
import sys

import botocore.session
from botocore.validate import ParamValidator

model = botocore.session.get_session().get_service_model("sagemaker")
found = []


def check(value, shape, path):
    """What botocore leaves to the service: lengths, ranges, patterns and words."""
    rules = shape.metadata
    size = len(value) if hasattr(value, "__len__") else value
    if not isinstance(size, bool) and not rules.get("min", size) <= size <= rules.get("max", size):
        found.append(f"{path}: {size} is not within {rules.get('min')} to {rules.get('max')}")
    if shape.type_name == "structure":
        for key, member in value.items():
            check(member, shape.members[key], f"{path}.{key}")
    elif shape.type_name == "list":
        for place, member in enumerate(value):
            check(member, shape.member, f"{path}[{place}]")
    elif shape.type_name == "map":
        for key, member in value.items():
            check(key, shape.key, f"{path} key {key}")
            check(member, shape.value, f"{path}.{key}")
    elif shape.type_name == "string":
        if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
            found.append(f"{path}: {value} does not match {rules['pattern']}")
        if shape.enum and value not in shape.enum:
            found.append(f"{path}: {value} is none of the words that are known")


for operation, request in json.load(sys.stdin).items():
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(request, shape).generate_report()
    if report:
        found.append(report)
    else:
        check(request, shape, operation)
print(json.dumps(found))
