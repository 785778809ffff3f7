namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>How one iteration of <see cref="LbfgsMinimizer"/> ended.</summary>
internal enum LbfgsStatus
{
    /// <summary>The parameters moved to a lower loss; there may be more to gain.</summary>
    Advanced,

    /// <summary>No entry of the gradient is above the tolerance.</summary>
    Converged,

    /// <summary>No lower loss was found, not even along the gradient: what is left is below the precision of the loss. The parameters haven't moved.</summary>
    LineSearchFailed,

    /// <summary>Loss or gradient aren't finite at the parameters that the run began with. They haven't moved.</summary>
    NotFinite,
}
