using System.Text;
using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>
/// Reads the texts of exceptions and warnings out of the library's source; what is filled in at run time becomes <c>…</c>, several in a row
/// one.
/// </summary>
/// <remarks>
/// A reader of C# for this purpose only: it knows plain and interpolated literals on a line, and takes those that are joined by <c>+</c> as
/// one. A semicolon in a literal inside a hole would end the statement for it.
/// </remarks>
internal static partial class MessageTemplates
{
    private const char Hole = '…';

    /// <summary>The texts of all literals, of 12 characters or more, of statements that throw, fail or warn.</summary>
    public static IEnumerable<string> Of(string source) =>
        from statement in Statement().Matches(Comment().Replace(source, "")).Select(match => match.Value)
        from text in Literals(statement)
        where text.Length >= 12 && text.Contains(' ', StringComparison.Ordinal)

        // Words that are handed on to a message which is listed itself.
        where !text.StartsWith(',') && !text.EndsWith(',') && text != "the loss or its gradient"
        select Holes().Replace(text, Hole.ToString());

    private static List<string> Literals(string statement)
    {
        List<string> texts = [];
        int endOfLast = -1;
        for (int i = 0; i < statement.Length; i++)
        {
            if (statement[i] != '"')
            {
                continue;
            }

            bool isInterpolated = i > 0 && statement[i - 1] == '$';
            int start = i;
            string text = Read(statement, ref i, isInterpolated);
            string between = endOfLast < 0 ? "" : statement[(endOfLast + 1)..(isInterpolated ? start - 1 : start)];
            if (endOfLast >= 0 && between.Trim() == "+")
            {
                texts[^1] += text;
            }
            else
            {
                texts.Add(text);
            }

            endOfLast = i;
        }

        return texts;
    }

    // On return, i stands at the closing quotation mark.
    private static string Read(string statement, ref int i, bool isInterpolated)
    {
        StringBuilder text = new();
        for (i++; statement[i] != '"'; i++)
        {
            if (statement[i] == '\\')
            {
                text.Append(statement[++i] == '\\' ? '\\' : statement[i]);
            }
            else if (isInterpolated && statement[i] == '{')
            {
                SkipHole(statement, ref i);
                text.Append(Hole);
            }
            else
            {
                text.Append(statement[i]);
            }
        }

        return text.ToString();
    }

    // On return, i stands at the closing brace; literals inside may hold braces of their own.
    private static void SkipHole(string statement, ref int i)
    {
        int depth = 1;
        while (depth > 0)
        {
            i++;
            if (statement[i] == '"')
            {
                Read(statement, ref i, statement[i - 1] == '$');
            }
            else
            {
                depth += statement[i] switch { '{' => 1, '}' => -1, _ => 0 };
            }
        }
    }

    // To the semicolon, or the comma that ends an arm of a switch at the end of a line. "Unusable" is what SaveOnnx throws later.
    [GeneratedRegex(
        @"(\bthrow\b|\bFailure\(|Exception \w+\(.*=>|: Exception\(|\bWarning = |\bWarning\(|\bUnusable\()(?:[^;""]|""(?:[^""\\]|\\.)*"")*;",
        RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex("…+")]
    private static partial Regex Holes();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
