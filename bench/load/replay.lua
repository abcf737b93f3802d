-- Bodies from files, in turn. Arguments: the key, a folder, how many files 0.body, 1.body, ..., their encoding or "".
local requests, counter = {}, 0

function init(args)
   wrk.headers["Authorization"] = "Bearer " .. args[1]
   wrk.headers["Content-Type"] = "application/json"
   if args[4] and args[4] ~= "" then wrk.headers["Content-Encoding"] = args[4] end
   for number = 0, tonumber(args[3]) - 1 do
      local file = assert(io.open(args[2] .. "/" .. number .. ".body", "rb"))
      requests[number + 1] = wrk.format("POST", nil, nil, file:read("*a"))
      file:close()
   end
end

function request()
   counter = counter + 1
   return requests[counter % #requests + 1]
end

function done(summary, latency)
   print("RESULT " .. summary.requests .. " " .. summary.duration .. " " .. summary.errors.status .. " " ..
      (summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout) .. " " ..
      latency:percentile(99))
end
