package collect

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode/utf32"
)

// wide32 is UTF-32, which browsers dropped and some old feeds still use.
func wide32(bigEndian bool) encoding.Encoding {
	if bigEndian {
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	}
	return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
}
