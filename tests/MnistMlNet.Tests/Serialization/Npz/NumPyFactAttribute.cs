using System.ComponentModel;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Serialization.Npz;

/// <summary>A fact that needs python3 with NumPy: where they aren't installed it is skipped, visibly and with the reason.</summary>
/// <remarks>With the environment variable MNISTMLNET_NO_SKIP=1, as a complete run sets it, it isn't skipped, and fails instead.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NumPyFactAttribute : FactAttribute
{
    /// <summary>
    /// Debian's own python3, for which the package python3-numpy is installed; preferred to any other python3 on the path.
    /// </summary>
    private static readonly string s_interpreter = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static readonly Lazy<string?> s_missing = new(Missing);

    public NumPyFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("MNISTMLNET_NO_SKIP") != "1")
        {
            Skip = s_missing.Value;
        }
    }

    /// <summary>Runs python3; its error output becomes the message of the exception.</summary>
    public static void Python(params string[] arguments) => ChildProcess.Run(s_interpreter, arguments);

    private static string? Missing()
    {
        try
        {
            Python("-c", "import numpy");
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return $"Needs python3 with NumPy: {e.Message.Trim().Split('\n')[^1]}";
        }
    }
}
