"""A model for MLServer, a KServe v2 server that is not ours: sums and missing values of each row."""
import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class RowSums(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload):
        rows = NumpyCodec.decode_input(payload.inputs[0]).astype(float)
        sums = numpy.nansum(rows, axis=1).astype(numpy.float32)
        outputs = [
            NumpyCodec.encode_output("sum", sums),
            NumpyCodec.encode_output("missing", numpy.isnan(rows).sum(axis=1)),
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)
