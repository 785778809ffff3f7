using System.Globalization;

namespace MnistMlNet.Reporting;

/// <summary>Formats numbers of texts and drawings the same in every culture.</summary>
internal static class InvariantText
{
    public static T Of<T>(Func<T> make)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return make();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
