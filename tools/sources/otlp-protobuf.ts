import protobuf from 'protobufjs';
import { CerebroError } from '../../infra/runtime/errors.ts';

/** What is read of opentelemetry-proto 1.x (trace service, trace, resource, common): field names and numbers; others are skipped. */
const schema = `syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; Status status = 15;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message Response { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message Problem { int32 code = 1; string message = 2; }`;

const { root } = protobuf.parse(schema, { keepCase: false });
const request = root.lookupType('Request');
const response = root.lookupType('Response');
const problem = root.lookupType('Problem');

/**
 * Decodes an OTLP trace export in protobuf (`application/x-protobuf`) to the shape of OTLP/JSON, ids in base64 and times as decimal text.
 * Throws INPUT_INVALID when the bytes are no such message. Cost linear in their number.
 */
export function decodeOtlpTraces(bytes: Uint8Array): unknown {
  try {
    return request.toObject(request.decode(bytes), { longs: String, bytes: String });
  } catch (cause) {
    throw new CerebroError('INPUT_INVALID', 'The body is not an OTLP trace export in protobuf.', { cause });
  }
}

/** The reply to an export in protobuf: `ExportTraceServiceResponse`, or `google.rpc.Status` where the body holds a `message`. */
export function encodeOtlpReply(body: object): Uint8Array {
  const type = 'message' in body ? problem : response;
  return type.encode(type.fromObject(body)).finish();
}
