-- The script that wrk runs.
--
-- With MISS_SEED every request has a key of its own: the first 20 pages of 20 users, and a number `n` that no other
-- request of any run has. All servers key on all query parameters, so each of these is a miss: lookup, query, answer,
-- cache write. Without MISS_SEED wrk repeats the one request it was given.

local seed = os.getenv("MISS_SEED")

if seed then
  local threads = 0
  function setup(thread)
    thread:set("id", threads)
    threads = threads + 1
  end

  local i = 0
  function request()
    i = i + 1
    return wrk.format(nil, string.format("%s?skip=%d&limit=20&n=%s-%d-%d", wrk.path, (i % 20) * 20, seed, id, i))
  end
end

-- One line of JSON for load.py.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n@@{"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"non_2xx":%d,' ..
    '"p50":%.1f,"p90":%.1f,"p99":%.1f,"max":%.1f}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
