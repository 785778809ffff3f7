using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>
/// A C++ program that trains the same network with the dense matrix products of a native library, compiled at the start of a run and kept
/// as a child process.
/// </summary>
internal sealed class NativePeer : IDisposable
{
    private const string Source = "dense_training.cpp";

    private readonly Process _process;

    private NativePeer(Process process) => _process = process;

    /// <summary>Compiles the program.</summary>
    /// <param name="folder">Receives the program.</param>
    /// <param name="whyNot">The reason, on one line, if it can't be compiled here; otherwise null.</param>
    /// <returns>The path of the program.</returns>
    public static string Compile(ProductLibrary library, string folder, out string? whyNot)
    {
        string program = Path.Combine(folder, library.Name), source = Path.Combine(AppContext.BaseDirectory, "Peers", "Native", Source);
        string[] arguments = ["-O3", "-march=native", "-ffast-math", "-mprefer-vector-width=512", source, .. library.CompilerArguments,
            "-o", program];
        string advice = $"on Debian: apt-get install g++ {library.Package}";
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("g++", arguments) { RedirectStandardError = true })!;
            string errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            string? first = errors.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))
                ?? errors.Split('\n')[0];
            whyNot = compiler.ExitCode == 0 ? null
                : $"its program can't be compiled ({first.Replace(source, Source, StringComparison.Ordinal).Trim()}); {advice}";
        }
        catch (Win32Exception e)
        {
            whyNot = $"g++ doesn't start ({e.Message}); {advice}";
        }

        return program;
    }

    /// <summary>Starts the program on a data set, with one thread.</summary>
    /// <param name="program">From <see cref="Compile"/>.</param>
    public static NativePeer Start(string program, DenseRows rows, TwoLayerNetworkModelParameters initial, int batchSize)
    {
        string file = program + ".data";
        Write(file, rows, initial, batchSize);
        var start = new ProcessStartInfo(program, [file]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";

        // These would choose kernels for another processor than this one.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        return new NativePeer(Process.Start(start) ?? throw new InvalidOperationException($"'{program}' doesn't start."));
    }

    /// <summary>Trains on the first rows in their order, from the initial parameters.</summary>
    /// <returns>The mean loss during this epoch, and the mean loss of these rows after it.</returns>
    public (double During, double After) Check(int rowCount)
    {
        double[] losses = Run($"check {rowCount}");
        return (losses[0], losses[1]);
    }

    /// <summary>Trains on all rows in a random order and gives the seconds of processor time.</summary>
    public double TrainEpoch() => Run("epoch")[0];

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Write(string file, DenseRows rows, TwoLayerNetworkModelParameters initial, int batchSize)
    {
        using var stream = new FileStream(file, FileMode.Create);
        Write<int>([rows.RowCount, rows.InputCount, initial.HiddenUnits, initial.ClassCount, batchSize]);
        Write<float>(rows.Features);
        Write<int>(rows.Labels);
        Write(initial.HiddenWeights.Span);
        Write(initial.HiddenBiases.Span);
        Write(initial.OutputWeights.Span);
        Write(initial.OutputBiases.Span);

        void Write<T>(ReadOnlySpan<T> values)
            where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(values));
    }

    private double[] Run(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The peer ended instead of answering '{command}'.");
        return [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
