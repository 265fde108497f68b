/*
 * flights - a TLS-DSK handshake that a real client made (TLS 1.0, AES128-SHA), base64 as
 * it was in gssapi-data; the server was a prototype that joined its first flight into one
 * record.
 */
#ifndef CSWATCH_TESTS_FLIGHTS_H
#define CSWATCH_TESTS_FLIGHTS_H

#define FLIGHT_CLIENT_1                                                                  \
	"FgMBADUBAAAxAwFrAvb7tsEVHFm7uKIiLQ39f1aPKeODbRIcXQ5/txLnYQAACgAEAAUALwA1AAMB"   \
	"AA=="

#define FLIGHT_SERVER_1                                                                  \
	"FgMBA0QCAABGAwGouZwDhDcDMWnAwHsmxIb27BkifHuz5EhET1dOR1JEACBu3nv/re6pvspsR15C"   \
	"amN1j9LTm0uD1ieXptV5J2/cUAAvAAsAAugAAuUAAuIwggLeMIIBxqADAgECAgEBMA0GCSqGSIb3"   \
	"DQEBCwUAMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDAeFw0yNjExMjExNDA2NDlaFw0yNjEyMjIxNDA2"   \
	"NDlaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEB"   \
	"AKgZi73OLF0xdwrKLTh/Q+jZ0CQcbmeve1I3nJc/18g01DbFzwtW6Ho6ALvD0ytwU7zEXninytMx"   \
	"/SnOOBKHSHv+MyLxbTI3cXHI6PJ2R7gYRTUK8dUJl4P1PGzHIMITH489rGV5hylFOthOQtifvc1S"   \
	"lIr59QJgT2+e2sPTsMjWINpiGwfoijPVKQrC8m1PXnPLSwZ/jmcSmINW3G9YBrwMdLyZvJ/bg+T6"   \
	"5MHcKQ1XYLImS7YVbjOmfxoTCRCOu1caWyBs2TvHCeuRTtnZhnhIGTMZ48PV5RWBJaCLa6O/rYtV"   \
	"BhXnqggar4Tb1UFfIJX6iazzyhtAXghalMHMNCsCAwEAAaM7MDkwJgYDVR0RBB8wHYIJbG9jYWxo"   \
	"b3N0ghBwb29sLmxhYi5leGFtcGxlMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEB"   \
	"AJNlAcbCSHsifZ4768H++vnQ1jXmN9tBeIC2RaaUvKSJVNn+54ynSSuBCARv/ef6uCFPx6JJhJHH"   \
	"6PyDvn+bTX4DY3nnRVIIoFU7lLuPhUiqivphoHZmqaX5sWhjHD3+4KST8pFlD5R8E3J3YhKMtoMx"   \
	"GIL/Qq/oa2NzjcHfvTb3u8YwEJkgjxJ2iXeqm5bL46+b4pBNS+LB0DiISt1jv2G70T5IOG+lXaHz"   \
	"tgh6tr+iqlB2wTcVXdURGlvDPRQlfu5OTVEYajh1UYddiRhS0UNBj5ph0rLHABKRLiz/+VA3ituc"   \
	"O5AWClExtlYFBDqMV0Y69oNJVu5n+P08beRw+ecNAAAGAwECQAAADgAAAA=="

#define FLIGHT_CLIENT_2                                                                  \
	"FgMBBO8LAALfAALcAALZMIIC1TCCAb2gAwIBAgIUXCZ21jBd5TmqI6SY+KQ6LjwNpK4wDQYJKoZI"   \
	"hvcNAQELBQAwFDESMBAGA1UEAwwJbG9jYWxob3N0MB4XDTI2MTEyMjE0MDE1MVoXDTI2MTEyMzE0"   \
	"MDY1MVowHDEaMBgGA1UEAwwRYWxpY2VAbGFiLmV4YW1wbGUwggEiMA0GCSqGSIb3DQEBAQUAA4IB"   \
	"DwAwggEKAoIBAQCSnqAebw0WIBm275hOHHvqnnpGHiko+2ZQlVeX1ULWy8y/fmJHT7HWDoy8uOv+"   \
	"IsLe4jDxmKmUgP+8pon+ESNmNOtC2Q8IpTzsSJy79J/9C1EzN51/J+A7X2XQ+mt6xLlzccpny4F8"   \
	"d8Y+/YKjuTIGPVpKARv2x3hPlRbQujqw/GDFoMipCYWOMFUHLCnOGUuuoRiqeuU04bYmx0tP3/o4"   \
	"3mAhWeTMLJ/1TcYjWZUK/exEgBrZmP4WPev/SrpFfx2MfwE54ppuFp0NWKUUcNPMbIB4+qLai3x4"   \
	"AaYTHq+7v/sh86/NQdNPiM8ETjSrtxC7hQcX62SNHPufqtBR2PF/AgMBAAGjFzAVMBMGA1UdJQQM"   \
	"MAoGCCsGAQUFBwMCMA0GCSqGSIb3DQEBCwUAA4IBAQBBsM6LaKHOKE0bHzfcNV+ElfwKmf94D01l"   \
	"/PEvMB61F/BbgAUcR0QuXm0rq2ZiESPLoD7JAoyUv+O9rwuGN1+YKi3+cY4fnTf7e5/ScawZQQjl"   \
	"HsPG+G/irxcmj0Kx8qkUPllnAl9DzRRnxXwfUrWiKOOri0pgAM7mUKHhnlJXb9Bj/DzuQeRblTp5"   \
	"Ffkl5EExvQNlMeTE7KHaJUEYkGWaMpVmBVQM5CPzQUaODyun0xZlT4l/uPvY2px/QqCukrZGQl//"   \
	"8ydnumbgJ/cOdU2Q8b8aYWUevf+79Odtmv1gnvxwgHW01xEf2sbNrNcEYXOpsAItL3/dZQCJ7h8m"   \
	"D27TEAABAgEAakem8J4r3tqO9USaQdbzlelBIhonNxbbe/tx+QfI1jlY4AHRVlR/h+KsDPN6vyeL"   \
	"Lq0AYv4T5Aprf6ZmjyZQN03k55PE/nFMHn9fcWDzwIutzzzTVnyGXpIAgssBSRCNktRUV5m/x3Lu"   \
	"3i0NzlkEQMZaOtClh6cL3m9VCP/p9Y+AEIxJw13PyljK7T+egIUfTrmVytsqF827ufSsQPB7Ej3Y"   \
	"i4M1GDGsrDHDDd1R8thYsUKqon/pKLZdimvtRlTVWi8ogpf0dlAOALnijw8E0qxgoCmZ/m4WdAiE"   \
	"BjHgmWy+nGwSMq1vEKt0Af9m9zvjxN2FoF69GPPDe/4Png+Umw8AAQIBAHX9c/JJMpjLM48yGzCY"   \
	"nKfrhosaMwb1GNqafw0wHyyDk/6P96E1R01GSP6JQqQ1NafuF+7VCvoJB/pQFaeSsH255ExZtjtI"   \
	"qZz7T2kLgSOsmfPGNmIfZhiyCnPT4VzDR4svKedOcAR4TL4cDmP/kvJ7vhYN7VyzfjXBhaOuhysY"   \
	"8im4Ql37Jy9Qp6XtPxPsn8lT1p3q4iiiW5zbQbiBbaip/4c2mWTr6aUde3DHlaw34/0VWxWWyHv1"   \
	"3bKuvkYljVFo9PoCYvDR0Vj6ycIhoWG7vvDHmwYHh/BuxEZ2NJJ3ez0uDYXugwE5rUPFnf60+IN0"   \
	"ZlO2d/s+qVFoDly6dTIUAwEAAQEWAwEAMGcepsGsforomHFcxlURDCWBIArEtqVyiYQ0KQ3DPdcL"   \
	"ucTytMCEZnwFts9GhQLz8A=="

#define FLIGHT_SERVER_2                                                                  \
	"FAMBAAEBFgMBADBjdhvrj+oky7XOJYhN23XZ4TiVYiYW2xOU19a46DHQyo5ityj7/65xem7RT+pR"   \
	"+Gc="

#endif
