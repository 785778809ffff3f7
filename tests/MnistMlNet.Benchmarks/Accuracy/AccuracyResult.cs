using System.Globalization;

namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>The result of one seed; a line of the row's file.</summary>
internal sealed record AccuracyResult(int Seed, double Accuracy, double LogLoss, double CalibrationError, double Seconds)
{
    public const string Header = "seed,accuracy,log-loss,expected calibration error,seconds";

    public string ToLine() =>
        string.Create(CultureInfo.InvariantCulture, $"{Seed},{Accuracy:F4},{LogLoss:F5},{CalibrationError:F5},{Seconds:F2}");

    public static AccuracyResult Parse(string line)
    {
        string[] fields = line.Split(',');
        double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
        return new AccuracyResult(int.Parse(fields[0], CultureInfo.InvariantCulture), Number(1), Number(2), Number(3), Number(4));
    }
}
