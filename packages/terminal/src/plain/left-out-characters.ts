/**
 * Characters that never reach the terminal from untrusted text, for a character class of a regular expression: C0, DEL, C1,
 * and the bidirectional controls, which would reorder the text that follows (CVE-2021-42574, "Trojan Source").
 */
export const leftOutCharacters = String.raw`\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069`
