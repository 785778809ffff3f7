using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Tests.Reporting;

public sealed class HtmlWriterTests
{
    [Fact]
    public void Text_and_attribute_values_are_escaped()
    {
        HtmlWriter html = new();
        html.Element("p", "<script>'a' & \"b\"</script>", ("title", "\"><img src=x onerror='alert(1)'>"));

        Assert.Equal(
            "<p title=\"&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;\">&lt;script&gt;&#39;a&#39; &amp; "
                + "&quot;b&quot;&lt;/script&gt;</p>",
            html.ToString());
    }

    [Fact]
    public void What_XML_cannot_hold_becomes_a_replacement_character()
    {
        HtmlWriter html = new();
        html.Text("a\0b\u001Bc\uD800d\uFFFFe\tf");

        Assert.Equal("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf", html.ToString());
    }

    [Fact]
    public void Only_elements_that_have_no_end_tag_in_HTML_close_themselves()
    {
        HtmlWriter html = new();
        html.Empty("br");
        html.Empty("span", ("class", "key"));
        html.Element("div", () => html.Empty("img", ("alt", "")));

        Assert.Equal("<br/><span class=\"key\"></span><div><img alt=\"\"/></div>", html.ToString());
    }
}
