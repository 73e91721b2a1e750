"""NVIDIA's client of KServe v2 against a server of ours; prints what it saw as JSON. Usage: speak-triton.py <host:port> <model> <columns>"""
import json
import sys

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

address, model, columns = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = triton.InferenceServerClient(address)
rows = numpy.random.default_rng(3).random((5, columns), dtype=numpy.float32) * 100
rows[1, 0] = numpy.nan


def ask(binary_in, binary_out, dtype=numpy.float32, **more):
    values = rows.astype(dtype)
    if not binary_in:
        values = numpy.nan_to_num(values, nan=7)
    tensor = triton.InferInput("features", list(values.shape), "FP64" if dtype == numpy.float64 else "FP32")
    tensor.set_data_from_numpy(values, binary_data=binary_in)
    outputs = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in ("score", "abnormal")]
    reply = client.infer(model, [tensor], outputs=None if binary_out is None else outputs, request_id="r1", **more)
    return {
        "id": reply.get_response()["id"],
        "version": reply.get_response()["model_version"],
        "score": [float(score) for score in reply.as_numpy("score")],
        "abnormal": [bool(flag) for flag in reply.as_numpy("abnormal")],
        "types": [str(reply.as_numpy("score").dtype), str(reply.as_numpy("abnormal").dtype)],
    }


def refused(call):
    try:
        call()
    except InferenceServerException as error:
        return [str(error.status()), error.message()]
    return None


def entities(*names):
    tensor = triton.InferInput("entity", [len(names)], "BYTES")
    tensor.set_data_from_numpy(numpy.array([name.encode() for name in names], dtype=object))
    reply = client.infer(model, [tensor])
    return {
        "score": [float(score) for score in reply.as_numpy("score")],
        "stale": [bool(flag) for flag in reply.as_numpy("stale")],
    }


def narrow():
    tensor = triton.InferInput("features", [1, 1], "FP32")
    tensor.set_data_from_numpy(numpy.zeros((1, 1), dtype=numpy.float32))
    return tensor


seen = {
    "live": client.is_server_live(),
    "ready": client.is_server_ready(),
    "model_ready": client.is_model_ready(model),
    "version_ready": client.is_model_ready(model, "1"),
    "absent_ready": client.is_model_ready("absent"),
    "server": client.get_server_metadata(),
    "metadata": client.get_model_metadata(model),
    "index": client.get_model_repository_index(),
    "rows": [[None if numpy.isnan(value) else float(value) for value in row] for row in rows],
    "binary": ask(True, None),
    "mixed": ask(True, False),
    "json": ask(False, False),
    "json_to_binary": ask(False, True),
    "double": ask(True, True, numpy.float64),
    "gzip": ask(True, None, request_compression_algorithm="gzip", response_compression_algorithm="gzip"),
    "deflate": ask(True, None, request_compression_algorithm="deflate"),
    "entities": entities("web-1", "web-2"),
    "no_entity": refused(lambda: entities("absent")),
    "no_model": refused(lambda: client.get_model_metadata("absent")),
    "wrong_width": refused(lambda: client.infer(model, [narrow()])),
    "no_output": refused(lambda: client.infer(model, [narrow()], outputs=[triton.InferRequestedOutput("absent")])),
}
print(json.dumps(seen))
