package digest

import "testing"

// An address of two lines once ran together in the letter's footer.
func TestAnAddressOnOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"1 rue du Port\n44000 Nantes\n":            "1 rue du Port, 44000 Nantes",
		"1 rue du Port,\r\n\r\n 44000 Nantes, ":    "1 rue du Port, 44000 Nantes",
		"12, quai des Perceptrons, 00000 Valmorne": "12, quai des Perceptrons, 00000 Valmorne",
		"": "",
	} {
		if got := (Newsletter{PostalAddress: in}).Postal(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
