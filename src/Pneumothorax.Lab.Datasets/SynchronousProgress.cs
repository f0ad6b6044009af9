namespace Pneumothorax.Lab.Datasets;

/// <summary>Passes progress on at once, in order, on the caller's thread; <see cref="Progress{T}"/> posts it elsewhere.</summary>
internal sealed class SynchronousProgress(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
