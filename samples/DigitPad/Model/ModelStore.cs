namespace DigitPad.Model;

/// <summary>The model, once there is one, and the progress until then. One thread writes; any number of threads read.</summary>
internal sealed class ModelStore
{
    private volatile PadModel? _model;
    private volatile TestResult? _test;
    private volatile DigitShape? _shape;
    private volatile TrainingState _state = TrainingState.Of("loading", "Looking for a model.");

    public PadModel? Model => _model;

    /// <summary>The results on the test digits; null where there are none.</summary>
    public TestResult? Test => _test;

    /// <summary>The rule for what looks like a digit; null where there are no training digits to derive it from.</summary>
    public DigitShape? Shape => _shape;

    public TrainingState State => _state;

    public void Report(TrainingState state) => _state = state;

    public void Set(PadModel model, TestResult? test, DigitShape? shape, TrainingState state)
    {
        // The state is set last and the model before it: a reader that sees "ready" finds a model, and one that finds a model finds the
        // rest.
        _test = test;
        _shape = shape;
        _model = model;
        _state = state;
    }
}
