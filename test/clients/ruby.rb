# As a web application does it: Ruby with Net::HTTP. It cuts the answer by position and turns the list into a hash. An
# odd number of items, a missing space or a duplicate label would break it.
require 'net/http'
require 'uri'

BASE = URI.parse(ENV.fetch('BASE_URL'))

def post(path, body, headers = {})
  response = Net::HTTP.new(BASE.host, BASE.port).post(path, body, headers)
  response.error! unless response.is_a?(Net::HTTPSuccess)
  response.body
end

# Values go into the body without any escaping.
def ringout(command, fields)
  body = post('/ringout.asp', ["cmd=#{command}", *fields.map { |name, value| "#{name}=#{value}" }].join('&'))
  raise "RingCentral response: #{body}" unless body[0..1] == 'OK'
  puts "#{command}: #{body}"
  body[3..-1]
end

user = { username: ENV.fetch('RC_USERNAME'), ext: ENV.fetch('RC_EXT'), password: ENV.fetch('RC_PASSWORD') }

number_of = Hash[*ringout('list', user).split(';')].invert

session_id, _ws = ringout('call', user.merge(to: ENV.fetch('TO'), from: number_of.fetch('Business'), clid: '', prompt: 1)).split(' ')

# It sends credentials although status does not need them.
_id, groups = ringout('status', user.merge(sessionid: session_id, ws: '')).split(' ')
general, destination, call_back = groups.split(';').values_at(0, 2, 4).map(&:to_i)
raise 'not in progress' unless [general, destination, call_back] == [1, 1, 1]

ringout('cancel', user.merge(sessionid: session_id, ws: ''))

boundary = 'demo0123456789'
parts = { 'username' => "#{user[:username]}*#{user[:ext]}", 'password' => user[:password],
          'recipient[]' => "#{ENV.fetch('TO')}|Demo Recipient", 'coverpage' => 'none' }
body = parts.map { |name, value| "--#{boundary}\r\nContent-Disposition: form-data; name=\"#{name}\"\r\n\r\n#{value}\r\n" }.join.b
body << "--#{boundary}\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"#{ENV.fetch('FAX_FILE')}\"\r\n"
body << "Content-Type: application/octet-stream\r\n\r\n" << File.binread(ENV.fetch('FAX_FILE')) << "\r\n--#{boundary}--\r\n"
answer = post('/faxapi.asp', body, 'Content-Type' => "multipart/form-data; boundary=#{boundary}")
# to_i of an empty or HTML answer is also 0. This client cannot distinguish those from a fax that was sent.
raise "fax failed: #{answer}" unless answer.to_i.zero?
puts "fax: #{answer}"
