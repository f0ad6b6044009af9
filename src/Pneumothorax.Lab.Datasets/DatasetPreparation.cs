namespace Pneumothorax.Lab.Datasets;

public enum PreparationState
{
    /// <summary>There is nothing to prepare: data sets are registered.</summary>
    Ready,
    Running,
    Failed,
}

/// <param name="Fraction">0 to 1.</param>
/// <param name="SecondsLeft">Null until the pace is known.</param>
/// <param name="Error">One line, when it failed.</param>
public sealed record PreparationStatus(PreparationState State, double Fraction, double? SecondsLeft, string? Error);

/// <summary>How far the lab is with drawing its first data set, for pages that wait for it.</summary>
public sealed class DatasetPreparation
{
    /// <summary>Of the data set that the lab draws.</summary>
    public const string Name = "phantom";

    /// <summary>Raised from a background thread.</summary>
    public event Action? Changed;

    public PreparationStatus Status
    {
        get;
        set
        {
            field = value;
            Changed?.Invoke();
        }
    } = new(PreparationState.Ready, 1, null, null);

    /// <summary>Whether a data set that is not there yet will be.</summary>
    public bool IsDrawing(string name) => name == Name && Status.State == PreparationState.Running;
}
