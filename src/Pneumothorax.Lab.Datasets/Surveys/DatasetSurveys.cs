using System.Runtime.CompilerServices;

namespace Pneumothorax.Lab.Datasets.Surveys;

/// <summary>Surveys of the data sets that somebody has asked about, each made once.</summary>
public sealed class DatasetSurveys(TimeProvider clock)
{
    private readonly ConditionalWeakTable<Datasets.Dataset, SurveyInTheMaking> _known = [];

    /// <summary>Starts the survey where nobody has asked before.</summary>
    public SurveyInTheMaking Of(Datasets.Dataset dataset) => _known.GetValue(dataset, asked => new(asked, clock));
}

/// <summary>A survey that is being made, or is made.</summary>
public sealed class SurveyInTheMaking : IProgress<double>
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private double _progress;

    public SurveyInTheMaking(Datasets.Dataset dataset, TimeProvider clock)
    {
        (_clock, _start) = (clock, clock.GetTimestamp());
        Survey = Task.Run(() => DatasetSurvey.Of(dataset, this));
    }

    public Task<DatasetSurvey> Survey { get; }

    /// <summary>0..1.</summary>
    public double Progress => Volatile.Read(ref _progress);

    /// <summary>Null until the pace is known.</summary>
    public double? SecondsLeft => Progress is > 0.02 and var share ? _clock.GetElapsedTime(_start).TotalSeconds * (1 - share) / share : null;

    void IProgress<double>.Report(double value) => Volatile.Write(ref _progress, value);
}
