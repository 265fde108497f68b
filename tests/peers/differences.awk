# Two sets of requests in normal form (request, item, value; tabs between): the real client's, then ours.
# Prints what differs: request, item, the real client's value, ours; "-" is not there. A request or a body
# that only one of them sends counts once, by the items "request" and "body". With portable awk.

function common(list, other,	n, i, word, out)
{
	n = split(list, word, " ")
	for (i = 1; i <= n; i++)
		if (index(" " other " ", " " word[i] " "))
			out = out (out == "" ? "" : " ") word[i]
	return out
}
function value(side, key)
{
	return (side, key) in values ? values[side, key] : "-"
}
function compare(request, item,	key, real, ours)
{
	key = request "\t" item
	real = value(1, key)
	ours = value(2, key)
	if (item == "order") {		# of the headers that both have
		key = common(real, ours)
		ours = common(ours, real)
		real = key
	}
	if (real != ours)
		print request "\t" item "\t" real "\t" ours
}
BEGIN { FS = "\t" }
FNR == 1 { side++ }
{
	if (!((side, $1) in sends)) {
		sends[side, $1] = 1
		order[side] = order[side] (order[side] == "" ? "" : " ") $1
		if (side == 1 || !((1, $1) in sends))
			requests[++nrequests] = $1
	}
	if ($2 ~ /^body /)
		has_body[side, $1] = 1
	values[side, $1 "\t" $2] = $3
	if (!(($1 "\t" $2) in known)) {
		known[$1 "\t" $2] = 1
		keys[++nkeys] = $1 "\t" $2
	}
}
END {
	if (common(order[1], order[2]) != common(order[2], order[1]))
		print "-\trequests\t" common(order[1], order[2]) "\t" common(order[2], order[1])
	for (i = 1; i <= nrequests; i++) {
		r = requests[i]
		if (!((1, r) in sends) || !((2, r) in sends))
			print r "\trequest\t" ((1, r) in sends ? "sent\t-" : "-\tsent")
		else if (((1, r) in has_body) != ((2, r) in has_body))
			print r "\tbody\t" ((1, r) in has_body ? "sent\t-" : "-\tsent")
	}
	for (i = 1; i <= nkeys; i++) {
		split(keys[i], part, "\t")
		r = part[1]
		if (!((1, r) in sends) || !((2, r) in sends))
			continue
		if (part[2] ~ /^body / && ((1, r) in has_body) != ((2, r) in has_body))
			continue
		compare(r, part[2])
	}
}
