namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Threads that do nothing but keep processors busy, as other programs would.</summary>
internal sealed class BusyLoops : IDisposable
{
    private readonly Thread[] _threads;
    private volatile bool _isEnded;

    public BusyLoops(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Loop) { IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    public void Dispose()
    {
        _isEnded = true;
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Loop()
    {
        for (uint state = 1; !_isEnded; state = 1_664_525 * state + 1_013_904_223)
        {
        }
    }
}
