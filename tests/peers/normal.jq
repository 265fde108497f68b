# Requests of a transcript in a normal form, in which two clients can be compared: what differs from run
# to run gets a name in braces. A value that must agree with an earlier one (the ticket's id, its
# lifetime, the instance UUID, opaque) is replaced only where it is that very value.
include "transcript";

def found($pattern): (capture($pattern).v)? // "";

# Values of this run, and what each is called. The longer ones first: one may be part of another.
def names:
  requests as $requests |
  ($requests | map(select(.protocol == "sip"))[0]) as $register |
  ([messages("out")[] | header("WWW-Authenticate")[]] | join("\n")) as $challenges |
  ([messages("out")[] | .body | select(contains("Assertion "))][0] // "") as $ticket |
  [ {name: "{local}", v: ($register | first_header("Via") | found("tls (?<v>[^;]+)"))},
    {name: "{instance}", v: ($register | first_header("Contact") | found("urn:uuid:(?<v>[^>]+)"))},
    {name: "{epid}", v: ($register | first_header("From") | found("epid=(?<v>[^;]+)"))},
    {name: "{call-id}", v: ($register | first_header("Call-ID"))},
    {name: "{opaque}", v: ($challenges | found("opaque=\"(?<v>[^\"]+)"))},
    {name: "{web}", v: ($challenges | found("sts-uri=\"https://(?<v>[^/]+)"))},
    {name: "{assertion-id}", v: ($ticket | found("AssertionID=\"(?<v>[^\"]+)"))},
    {name: "{created}", v: ($ticket | found("Created>(?<v>[^<]+)"))},
    {name: "{expires}", v: ($ticket | found("Expires>(?<v>[^<]+)"))},
    {name: "{issue-instant}", v: ($ticket | found("IssueInstant=\"(?<v>[^\"]+)"))} ] |
  map(select(.v != "")) | sort_by(-(.v | length));

def named($names):
  reduce $names[] as $n (.; split($n.v) | join($n.name)) |
  gsub("\\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"; "{uuid}");

def all_named: names as $names | walk(if type == "string" then named($names) else . end);

# cnum counts the signed messages of one client; $signed is the number before.
def header_value($signed):
  .[0] as $name | .[1] |
  if $name == "Content-Length" then (if . == "0" then . else "{length}" end)
  elif $name == "Host" then (if contains("{web}") then . else "{web} without its port" end)
  elif $name == "CSeq" then sub("^[0-9]+ "; "")
  elif $name == "Via" then sub("branch=z9hG4bK[0-9A-Za-z]+"; "branch=z9hG4bK{branch}")
  elif $name == "From" or $name == "To" then sub(";tag=[^;]+"; ";tag={tag}")
  elif $name == "Authorization" then
    gsub("gssapi-data=\"[^\"]+\""; "gssapi-data=\"{records}\"") | gsub("crand=\"[0-9a-f]{8}\""; "crand=\"{crand}\"") |
    gsub("cnum=\"\($signed + 1)\""; "cnum=\"{next}\"")
  else . end;

def cseq: first_header("CSeq") | split(" ")[0] // "0" | tonumber;

# [item, value] of a request but for its body. $before: those that came before it.
def items($before):
  . as $m | ($before | map(select(.protocol == $m.protocol))) as $same |
  ($same | map(select(is("Authorization"; "cnum="))) | length) as $signed |
  ["start", .start],
  ["connection", if any($same[]; .connection == $m.connection) then "same" else "new" end],
  (.headers | group_by(.[0])[] | to_entries[] |
    ["header " + .value[0] + (if .key == 0 then "" else "#\(.key + 1)" end), (.value | header_value($signed))]),
  if .protocol != "sip" then empty else
    ["order", (.headers | map(.[0]) | join(" "))],
    ["CSeq moves by",
      cseq - ([$same[] | select(first_header("Call-ID") == ($m | first_header("Call-ID"))) | cseq] | max // 0)],
    ["From tag", if any($same[]; first_header("From") == ($m | first_header("From"))) then "as before" else "new" end],
    ["branch", if any($same[]; first_header("Via") == ($m | first_header("Via"))) then "as before" else "new" end]
  end;

# The whole transcript, one tab-separated line for each item.
def normal:
  all_named | requests as $all |
  range($all | length) as $i | $all[$i] | .purpose as $purpose |
  items($all[:$i]) | [$purpose] + . | @tsv;

# Purpose and body of those that have one, purpose and handshake records of those that carry them.
def bodies: all_named | requests[] | select(.body != "") | [.purpose, (.body | @base64)] | @tsv;
def flights:
  requests[] | .purpose as $purpose | header("Authorization")[] |
  capture("gssapi-data=\"(?<data>[^\"]+)\"") | [$purpose, .data] | @tsv;
