-- wrk runs this: the same POST again and again, and figures as one line of JSON in the end.
-- wrk ... -s post.lua URL -- FILE, where FILE holds the body.

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["content-type"] = "application/json"
  file:close()
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'FIGURES {"requests": %d, "microseconds": %d, "bytes": %d, "median_us": %d, "p99_us": %d, '
      .. '"refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
