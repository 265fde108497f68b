# Canonical XML on standard input as "path<TAB>value" lines: local names in the path, "[2]" for the
# second of a name; the value of an element is its namespace and its text or the names of its children,
# that of an attribute its namespace, if any, and its text. Prefixes, white space around text and the place
# of namespace declarations make no difference. With portable awk.

function namespace(prefix,	d)
{
	for (d = depth; d > 0; d--)
		if ((d, prefix) in declared)
			return "{" declared[d, prefix] "}"
	return prefix == "" ? "" : "{" prefix " is not declared}"
}
function prefix_of(name)
{
	return name ~ /:/ ? substr(name, 1, index(name, ":") - 1) : ""
}
function local_of(name)
{
	return name ~ /:/ ? substr(name, index(name, ":") + 1) : name
}
function element(tag,	name, n, i, attr, value, count, names, values, step)
{
	name = tag
	sub(/[ >].*/, "", name)
	tag = substr(tag, length(name) + 1)
	depth++
	while (match(tag, /^ [^= ]+="[^"]*"/)) {
		attr = substr(tag, 2, RLENGTH - 1)
		tag = substr(tag, RLENGTH + 1)
		value = substr(attr, index(attr, "=") + 2)
		value = substr(value, 1, length(value) - 1)
		sub(/=.*/, "", attr)
		if (attr == "xmlns")
			declared[depth, ""] = value
		else if (attr ~ /^xmlns:/)
			declared[depth, substr(attr, 7)] = value
		else {
			names[++count] = attr
			values[count] = value
		}
	}
	step = local_of(name)
	n = ++seen[path[depth - 1], step]
	if (n > 1)
		step = step "[" n "]"
	children[depth - 1] = children[depth - 1] (children[depth - 1] == "" ? "" : " ") step
	path[depth] = depth == 1 ? step : path[depth - 1] "/" step
	space[depth] = namespace(prefix_of(name))
	children[depth] = ""
	text[depth] = substr(tag, 2)		# after ">"
	for (i = 1; i <= count; i++)
		print path[depth] "@" local_of(names[i]) "\t" \
			(prefix_of(names[i]) == "" ? "" : namespace(prefix_of(names[i])) " ") values[i]
}
function element_end(	value, key, part)
{
	value = children[depth] != "" ? "(" children[depth] ")" : text[depth]
	gsub(/&#xD;/, " ", value)
	gsub(/[ \t\r\n]+/, " ", value)
	sub(/^ /, "", value)
	sub(/ $/, "", value)
	print path[depth] "\t" space[depth] " " value
	for (key in declared) {
		split(key, part, SUBSEP)
		if (part[1] == depth)
			delete declared[key]
	}
	depth--
}
BEGIN { RS = "<" }
NR == 1 || /^[?!]/ { next }
/^\// { element_end(); next }
{ element($0) }
