-- What wrk sends: a "1" in MNIST's form, as JSON of 784 numbers. Answers other than 200 are counted by wrk itself ("Non-2xx or 3xx responses").
local pixels = {}
for i = 0, 783 do
  local x, y = i % 28, math.floor(i / 28)
  pixels[#pixels + 1] = (y >= 4 and y < 24 and x >= 13 and x < 16) and (x == 14 and 255 or 140) or 0
end

wrk.method = "POST"
wrk.body = '{"pixels":[' .. table.concat(pixels, ",") .. "]}"
wrk.headers["Content-Type"] = "application/json"
