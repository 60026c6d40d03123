-- wrk runs this: as many distinct operations as asked for, one after the other, again and again.
-- wrk ... -s many.lua URL -- COUNT

local number, count = 0, 0

function init(args)
  count = tonumber(args[1])
end

function request()
  number = (number + 1) % count
  local query = string.format(
    "query Q%d($n: Int = 3) { articles(first: $n) { nodes { a%d: title provider { name } topics { slug name } } } }",
    number, number)
  local body = string.format('{"query": "%s", "operationName": "Q%d"}', query, number)
  return wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("FIGURES %d %d\n", summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
