# What TLS records say, from hexadecimal octets on standard input: a line for each record (type and
# version), and for each handshake message until everything is encrypted. With portable awk.

function number(at, octets,	i, n)
{
	for (i = 0; i < 2 * octets; i++)
		n = 16 * n + index("0123456789abcdef", substr(hex, 2 * at + i + 1, 1)) - 1
	return n
}
function text(at, octets)
{
	return substr(hex, 2 * at + 1, 2 * octets)
}
# A list of 16-bit values.
function list(at, octets,	out)
{
	for (; octets >= 2; octets -= 2) {
		out = out " " text(at, 2)
		at += 2
	}
	return out
}
function hello(at, end, client,	n, out)
{
	out = (client ? "ClientHello " : "ServerHello ") text(at, 2)
	at += 34				# version, random
	at += 1 + number(at, 1)			# session id
	if (client) {
		n = number(at, 2)
		out = out " suites" list(at + 2, n)
		at += 2 + n
		at += 1 + number(at, 1)		# compression
	} else {
		out = out " suite " text(at, 2)
		at += 3
	}
	out = out " extensions"
	if (at >= end)
		return out " none"
	for (at += 2; at + 4 <= end; at += 4 + number(at + 2, 2))
		out = out " " text(at, 2)
	return out
}
function handshake(at, end,	type, len)
{
	for (; at + 4 <= end; at += len) {
		type = number(at, 1)
		len = number(at + 1, 3)
		at += 4
		if (type == 1 || type == 2)
			print hello(at, at + len, type == 1)
		else
			print (type in name) ? name[type] : "message " type
	}
}
BEGIN {
	name[11] = "Certificate"
	name[12] = "ServerKeyExchange"
	name[13] = "CertificateRequest"
	name[14] = "ServerHelloDone"
	name[15] = "CertificateVerify"
	name[16] = "ClientKeyExchange"
}
{
	gsub(/[^0-9a-f]/, "")
	hex = hex $0
}
END {
	octets = length(hex) / 2
	for (at = 0; at + 5 <= octets; at += 5 + len) {
		type = number(at, 1)
		len = number(at + 3, 2)
		print "record " type " " text(at + 1, 2)
		if (type == 20) {
			print "ChangeCipherSpec"
			encrypted = 1
		} else if (type == 22 && encrypted)
			print "Finished, encrypted"
		else if (type == 22)
			handshake(at + 5, at + 5 + len)
		else if (type == 21)
			print "Alert"
	}
}
