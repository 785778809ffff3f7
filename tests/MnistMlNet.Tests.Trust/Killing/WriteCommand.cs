namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>The child processes: one writes until it is killed, one writes once and reports the result.</summary>
internal static class WriteCommand
{
    public const int Written = 0;

    public const int Refused = 3;

    /// <summary>Writes networks of 1 and of 2 alternately, after a first one that it announces.</summary>
    public static int Forever(string writerName, string path)
    {
        var writer = AtomicWriter.Named(writerName);
        TwoLayerNetworkModelParameters one = AtomicWriter.Network(1), two = AtomicWriter.Network(2);
        writer.Write(one, path);
        Console.WriteLine("ready");

        // Also ends when the parent dies and its end of the pipe closes.
        var parentIsGone = Task.Run(() => Console.In.ReadToEnd());
        for (bool isOne = false; !parentIsGone.IsCompleted; isOne = !isOne)
        {
            writer.Write(isOne ? one : two, path);
        }

        return Written;
    }

    /// <summary>Writes a network of 2 once; an error is printed with its type.</summary>
    public static int Once(string writerName, string path)
    {
        try
        {
            AtomicWriter.Named(writerName).Write(AtomicWriter.Network(2), path);
            return Written;
        }
        catch (IOException e)
        {
            Console.WriteLine($"{e.GetType().Name}: {e.Message}");
            return Refused;
        }
    }
}
