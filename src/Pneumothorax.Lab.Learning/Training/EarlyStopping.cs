using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Counts validation figures since the highest AUROC.</summary>
/// <remarks>Its state follows from the run's recorded points, so a resumed run reads it back from them.</remarks>
/// <param name="patience">How many figures without a higher one end the run; 0 for never.</param>
internal sealed class EarlyStopping(int patience)
{
    private double _highest = double.NegativeInfinity;
    private int _since;

    public bool IsOver => patience > 0 && _since >= patience;

    public void Take(double auroc)
    {
        if (auroc > _highest) (_highest, _since) = (auroc, 0);
        else _since++;
    }

    public void TakeAll(IEnumerable<MetricPoint> points)
    {
        foreach (var point in points)
        {
            if (point.Series == SeriesNames.ValidationAuroc) Take(point.Value);
        }
    }
}
