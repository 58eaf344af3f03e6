"""Letters that look like ASCII letters. Written by tools/update_confusables.py.

Source: confusables.txt of Unicode Technical Standard 39, version 17.0.0, 2025-07-22.
Copyright Unicode, Inc.; used under the Unicode licence (see NOTICE).
"""

ALIKE = {
    "a": (
        "\u0251\u0391\u03b1\u0410\u0430\u13aa\u15c5\u1d00"
        "\ua4ee\U000102a0\U00016f40\U0001ccd6\U0001d6a8\U0001d6c2\U0001d6e2\U0001d6fc"
        "\U0001d71c\U0001d736\U0001d756\U0001d770\U0001d790\U0001d7aa"
    ),
    "aa": ("\ua732\ua733"),
    "ae": ("\xc6\xe6"),
    "ao": ("\ua734\ua735"),
    "au": ("\ua736\ua737"),
    "av": ("\ua738\ua739\ua73a\ua73b"),
    "ay": ("\ua73c\ua73d"),
    "b": (
        "\u0180\u0182\u0183\u0184\u0253\u0299\u0392\u0412"
        "\u042c\u13cf\u13f4\u1472\u15af\u15f7\u2c82\ua4d0"
        "\ua7b4\U00010282\U000102a1\U00010301\U00016eb6\U0001ccd7\U0001d6a9\U0001d6e3"
        "\U0001d71d\U0001d757\U0001d791"
    ),
    "c": (
        "\u023c\u03f2\u03f9\u0421\u0441\u1004\u105a\u13df"
        "\u1d04\u2ca4\u2ca5\ua4da\uabaf\U000102a2\U00010302\U00010415"
        "\U0001043d\U0001051c\U0001ccd8"
    ),
    "d": (
        "\xd0\u0110\u0111\u0189\u018c\u0256\u0257\u0501"
        "\u13a0\u13e7\u146f\u15de\u15ea\u1d05\ua4d2\ua4d3"
        "\U0001ccd9"
    ),
    "dz": ("\u02a3"),
    "e": (
        "\u0246\u0247\u0395\u0415\u0435\u04bd\u13ac\u1d07"
        "\u2d39\ua4f0\uab32\U00010286\U000118a6\U000118ae\U0001ccda\U0001d6ac"
        "\U0001d6e6\U0001d720\U0001d75a\U0001d794"
    ),
    "f": (
        "\u0191\u0192\u03dc\u0584\u15b4\u1d6e\u1e9d\ua4dd"
        "\ua730\ua798\ua799\uab35\U00010287\U000102a5\U00010525\U000118a2"
        "\U000118c2\U0001ccdb\U0001d7ca"
    ),
    "g": ("\u018d\u01e4\u01e5\u0260\u0261\u0262\u050c\u0581\u13c0\u13f3\u1d83\ua4d6\U0001ccdc"),
    "h": (
        "\u0126\u0127\u0266\u029c\u0397\u041d\u04bb\u0570"
        "\u13bb\u13c2\u157c\u2c67\u2c8e\ua4e7\U000102cf\U0001ccdd"
        "\U0001d6ae\U0001d6e8\U0001d722\U0001d75c\U0001d796"
    ),
    "i": (
        "\u0131\u0196\u0197\u0268\u0269\u026a\u0399\u03b9"
        "\u0406\u0456\u04c0\u0582\u13a5\u1d7b\u1d7c\u1fbe"
        "\u2c92\u2c93\ua647\uab75\U000118c3\U00016eaa\U0001ccde\U0001d6a4"
        "\U0001d6b0\U0001d6ca\U0001d6ea\U0001d704\U0001d724\U0001d73e\U0001d75e\U0001d778"
        "\U0001d798\U0001d7b2"
    ),
    "j": ("\u0248\u0249\u037f\u03f3\u0408\u0458\u13ab\u148d\u1d0a\ua4d9\ua7b2\U0001ccdf"),
    "k": (
        "\u0199\u039a\u041a\u13e6\u16d5\u1d0b\u2c69\u2c94"
        "\ua4d7\ua740\U00010518\U0001cce0\U0001d6b1\U0001d6eb\U0001d725\U0001d75f"
        "\U0001d799"
    ),
    "l": (
        "\u0141\u0142\u019a\u01c0\u026b\u026d\u029f\u04cf"
        "\u05d5\u05df\u0627\u07ca\u13de\u14aa\u16c1\u2cd0"
        "\u2d4f\ua4e1\ua4f2\ufe8d\ufe8e\U0001028a\U00010309\U0001041b"
        "\U00010526\U000118a3\U000118b2\U00011dda\U00016f16\U00016f28\U0001cce1\U0001ee00"
        "\U0001ee80"
    ),
    "ls": ("\u02aa"),
    "lz": ("\u02ab"),
    "m": (
        "\u039c\u03fa\u041c\u13b7\u15f0\u16d6\u1d0d\u2c98"
        "\ua4df\U000102b0\U00010311\U0001cce2\U0001d6b3\U0001d6ed\U0001d727\U0001d761"
        "\U0001d79b"
    ),
    "n": (
        "\u014b\u019d\u019e\u0273\u0274\u039d\u0578\u057c"
        "\u1d70\u2c9a\ua4e0\U00010513\U0001cce3\U0001d6b4\U0001d6ee\U0001d728"
        "\U0001d762\U0001d79c"
    ),
    "o": (
        "\xd8\xf8\u019f\u01fe\u0275\u039f\u03bf\u03c3"
        "\u03ed\u041e\u043e\u0555\u0585\u05e1\u0647\u06be"
        "\u06c1\u06d5\u0b20\u0d20\u101d\u10ff\u12d0\u1d0f"
        "\u1d11\u2c9e\u2c9f\u2d54\ua4f3\ua74a\ua74b\uab3d"
        "\uab3e\ufba6\ufba7\ufba8\ufba9\ufbaa\ufbab\ufbac"
        "\ufbad\ufee9\ufeea\ufeeb\ufeec\U00010292\U000102ab\U00010404"
        "\U0001042c\U000104c2\U000104ea\U00010516\U000118b5\U000118c8\U000118d7\U0001cce4"
        "\U0001d6b6\U0001d6d0\U0001d6d4\U0001d6f0\U0001d70a\U0001d70e\U0001d72a\U0001d744"
        "\U0001d748\U0001d764\U0001d77e\U0001d782\U0001d79e\U0001d7b8\U0001d7bc\U0001ee24"
        "\U0001ee64\U0001ee84"
    ),
    "oe": ("\u0152\u0153"),
    "oo": ("\ua74e\ua74f"),
    "p": (
        "\xfe\u01a5\u01bf\u03a1\u03c1\u03f1\u03f8\u0420"
        "\u0440\u13e2\u146d\u1d18\u1d7d\u2ca2\u2ca3\u2cce"
        "\u2ccf\ua4d1\U00010295\U0001cce5\U0001d6b8\U0001d6d2\U0001d6e0\U0001d6f2"
        "\U0001d70c\U0001d71a\U0001d72c\U0001d746\U0001d754\U0001d766\U0001d780\U0001d78e"
        "\U0001d7a0\U0001d7ba\U0001d7c8"
    ),
    "q": ("\u02a0\u051b\u0563\u0566\u2d55\ua7af\U0001cce6"),
    "r": (
        "\u01a6\u024d\u027c\u027d\u0280\u0433\u13a1\u13d2"
        "\u1587\u1d26\u1d72\u2c85\ua4e3\uab47\uab48\uab81"
        "\U000104b4\U00016f35\U0001cce7"
    ),
    "s": (
        "\u01bd\u0282\u0405\u0455\u054f\u0d1f\u13d5\u13da"
        "\u1d74\ua4e2\ua731\ua7f1\uabaa\U00010296\U00010420\U00010448"
        "\U000118c1\U00016f3a\U0001cce8"
    ),
    "t": (
        "\u0166\u0167\u01ad\u01ae\u023e\u03a4\u0422\u13a2"
        "\u1d1b\u1d75\u2ca6\ua4d4\U00010297\U000102b1\U00010315\U000118bc"
        "\U00016f0a\U0001cce9\U0001d6bb\U0001d6f5\U0001d72f\U0001d769\U0001d7a3"
    ),
    "ts": ("\u02a6"),
    "u": (
        "\u0244\u028b\u03c5\u054d\u057d\u1200\u144c\u1d1c"
        "\u1d7e\ua4f4\ua79f\uab4e\uab52\U000104ce\U000104f6\U000118b8"
        "\U000118d8\U00016f42\U0001ccea\U0001d6d6\U0001d710\U0001d74a\U0001d784\U0001d7be"
    ),
    "ue": ("\u1d6b"),
    "uo": ("\uab63"),
    "v": (
        "\u03bd\u0474\u0475\u05d8\u13d9\u142f\u1d20\u2d38"
        "\ua4e6\ua6df\uaba9\U0001051d\U00011706\U000118a0\U000118c0\U00016f08"
        "\U0001cceb\U0001d6ce\U0001d708\U0001d742\U0001d77c\U0001d7b6"
    ),
    "w": (
        "\u026f\u0448\u0461\u051c\u051d\u0561\u13b3\u13d4"
        "\u1d21\u2cbd\ua4ea\ua761\uab83\U0001170a\U0001170e\U0001170f"
        "\U0001ccec"
    ),
    "x": (
        "\u03a7\u0425\u0445\u1541\u157d\u16b7\u2cac\u2d5d"
        "\ua4eb\ua7b3\U00010290\U000102b4\U00010317\U00010527\U0001cced\U0001d6be"
        "\U0001d6f8\U0001d732\U0001d76c\U0001d7a6"
    ),
    "y": (
        "\u01b4\u024e\u024f\u0263\u028f\u03a5\u03b3\u03d2"
        "\u0423\u0443\u04ae\u04af\u10e7\u13a9\u13bd\u1d8c"
        "\u1eff\u213d\u2ca8\u2ca9\ua4ec\uab5a\U000102b2\U000118a4"
        "\U000118dc\U00016f43\U0001ccee\U0001d6bc\U0001d6c4\U0001d6f6\U0001d6fe\U0001d730"
        "\U0001d738\U0001d76a\U0001d772\U0001d7a4\U0001d7ac"
    ),
    "z": (
        "\u01b5\u01b6\u0224\u0225\u0290\u0396\u13c3\u1d22"
        "\u1d76\ua4dc\uab93\U000118a9\U000118c4\U0001ccef\U0001d6ad\U0001d6e7"
        "\U0001d721\U0001d75b\U0001d795"
    ),
}
