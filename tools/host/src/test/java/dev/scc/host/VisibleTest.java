package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Terminal escapes, forged lines, and text that is shown in another order than it has. */
class VisibleTest {
    @Test
    void ordinaryTextIsAsItWas() {
        for (String text :
                new String[] {"", "add link:eni0", "größer – 漢字 …", "\ud83d\ude00", "back\\slash \"quoted\""}) {
            assertThat(Visible.line(text)).isSameAs(text);
            assertThat(Visible.text(text)).isSameAs(text);
        }
    }

    /** Class of hole: terminal escapes. */
    @Test
    void whatControlsATerminalIsShownInsteadOfObeyed() {
        assertThat(Visible.line("\u001b[2J\u001b]0;title\u0007")).isEqualTo("\\u001b[2J\\u001b]0;title\\u0007");
        assertThat(Visible.line("\u009b31m\u0085\u007f\b\r\t"))
                .isEqualTo("\\u009b31m\\u0085\\u007f\\u0008\\u000d\\u0009");
    }

    /** Class of hole: text that reads otherwise than it is. */
    @Test
    void whatTurnsOrHidesTextIsShown() {
        assertThat(Visible.line("a\u202eb\u2066c\u200bd\ufeffe")).isEqualTo("a\\u202eb\\u2066c\\u200bd\\ufeffe");
        assertThat(Visible.line("tag\udb40\udc41")).isEqualTo("tag\\udb40\\udc41");
        assertThat(Visible.line("half\ud83d")).isEqualTo("half\\ud83d");
    }

    @Test
    void aLineStaysOneLine() {
        assertThat(Visible.line("why\nscc: all is well\u2028really"))
                .isEqualTo("why\\u000ascc: all is well\\u2028really");
        assertThat(Visible.text("one\ntwo\r")).isEqualTo("one\ntwo\\u000d");
    }

    @Test
    void inJsonItMeansTheSame() {
        String said = "\u001b[2J \u202e \u009b \n \udb40\udc41 \"";

        String shown = Visible.text(Json.pretty(new PartOfAnAnswer(said)));

        assertThat(shown).doesNotContain("\u001b").doesNotContain("\u202e").doesNotContain("\u009b");
        assertThat(Json.read(shown, PartOfAnAnswer.class)).isEqualTo(new PartOfAnAnswer(said));
    }

    record PartOfAnAnswer(String why) {}
}
