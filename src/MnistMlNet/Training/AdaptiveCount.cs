namespace MnistMlNet.Training;

/// <summary>Halves the number of workers while most of the time goes into waiting for them.</summary>
internal sealed class AdaptiveCount
{
    /// <summary>Phases over which waiting is weighed against work.</summary>
    internal const int WindowPhases = 64;

    /// <summary>By how many the windows of mostly waiting must outnumber the others: one worker that loses its core once spoils one window, and isn't worth a retreat.</summary>
    internal const int PatientWindows = 3;

    /// <summary>Phases with fewer workers before all are tried again; doubled each time that it was in vain.</summary>
    internal const int FirstRetreat = 1000;

    private const int LongestRetreat = 64_000;

    private readonly int _most;
    private int _active;
    private int _phases;
    private int _busyWindows;
    private int _retreat;
    private int _nextRetreat = FirstRetreat;
    private long _work;
    private long _wait;

    public AdaptiveCount(int most)
    {
        _most = _active = most;
    }

    /// <param name="work">How long the caller worked in the last phase, in any unit.</param>
    /// <param name="wait">How long it then waited for the others, in the same unit.</param>
    /// <returns>How many workers take part in the next phase.</returns>
    public int Next(long work, long wait)
    {
        _phases++;
        if (_active < _most && _phases >= _retreat)
        {
            _active = _most;
            _busyWindows = PatientWindows - 1;                                      // on trial: one such window ends it
            Begin();
        }
        else if (_phases <= WindowPhases && _phases > 1)
        {
            // The first phase doesn't count: a worker that slept takes a millisecond to come.
            _work += work;
            _wait += wait;
            if (_phases == WindowPhases)
            {
                Judge();
            }
        }

        return _active;
    }

    private void Judge()
    {
        bool isBusy = _wait > _work;
        if (_active == _most)
        {
            _busyWindows = isBusy ? _busyWindows + 1 : Math.Max(0, _busyWindows - 1);
            isBusy = _busyWindows >= PatientWindows;
            if (isBusy)
            {
                _retreat = _nextRetreat;
                _nextRetreat = Math.Min(2 * _retreat, LongestRetreat);
            }
            else if (_busyWindows == 0)
            {
                _nextRetreat = FirstRetreat;
            }
        }

        if (isBusy && _active > 1)
        {
            _active /= 2;
            Begin();
        }
        else if (_active == _most)
        {
            Begin();
        }
    }

    private void Begin()
    {
        _phases = 0;
        _work = 0;
        _wait = 0;
    }
}
