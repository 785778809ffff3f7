namespace DigitPad.Model;

/// <summary>The model, once there is one, and the progress until then. One thread writes; any number of threads read.</summary>
internal sealed class ModelStore
{
    private volatile PadModel? _model;
    private volatile TrainingState _state = TrainingState.Of("loading", "Looking for a model.");

    public PadModel? Model => _model;

    public TrainingState State => _state;

    public void Report(TrainingState state) => _state = state;

    public void Set(PadModel model, TrainingState state)
    {
        // The model is set first: a reader that sees "ready" then always finds it.
        _model = model;
        _state = state;
    }
}
