# Transcripts of cswatch-lab (--transcript): what each request is for. Used with "include" by the tests
# that read them; one JSON object a line becomes an array with "jq -s".

def header($name): [.headers[] | select(.[0] | ascii_downcase == ($name | ascii_downcase)) | .[1]];
def first_header($name): header($name)[0] // "";
def is($name; $text): first_header($name) | contains($text);

def web_purpose:
  .start | split(" ")[1] as $path |
  if $path == "/CertProv/CertProvisioningService.svc/mex" then "certprov-metadata"
  elif $path == "/WebTicket/WebTicketService.svc/mex" then "ticket-metadata"
  elif $path | startswith("/WebTicket/") then "web-ticket"
  elif $path | startswith("/CertProv/") then "certificate"
  else $path end;

def sip_purpose:
  (.start | split(" ")[0]) as $method |
  if $method != "REGISTER" then
    $method + ":" + ([first_header("Event"), first_header("Content-Type")] | map(select(. != ""))[0])
      + (if $method == "SUBSCRIBE" and is("To"; ";tag=") then ":end" else "" end)
  elif is("Authorization"; "gssapi-data=") then "tls-dsk"
  elif is("Authorization"; "response=") then
    if first_header("Expires") == "0" then "log-off" else "register" end
  else "challenge" end;

# The messages of one direction.
def messages($direction): map(select(.direction == $direction));

# Requests in their order, each with its purpose; "-2", "-3" when there are several.
def requests:
  messages("in") |
  reduce .[] as $m ({seen: {}, all: []};
    ($m | if .protocol == "sip" then sip_purpose else web_purpose end) as $purpose |
    (.seen[$purpose] // 0) as $before |
    .seen[$purpose] = $before + 1 |
    .all += [$m + {purpose: (if $before == 0 then $purpose else "\($purpose)-\($before + 1)" end)}]) |
  .all;

def statuses: messages("out") | map(.start | split(" ")[1]);
