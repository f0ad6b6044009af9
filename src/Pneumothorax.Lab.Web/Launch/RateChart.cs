using System.Globalization;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Web.Shared.Charts;

namespace Pneumothorax.Lab.Web.Launch;

/// <summary>The learning rate over a run, drawn before it starts.</summary>
public static class RateChart
{
    private const int Points = 200;

    /// <param name="before">The copied run's, as a dotted line to compare with; null for none.</param>
    /// <param name="beforeName">Its name at the line's end.</param>
    public static ChartSpec Of(Hyperparameters hyperparameters, Hyperparameters? before = null, string beforeName = "")
    {
        var now = Line(hyperparameters, "rate", "") with { Color = "accent", Width = 2.25, EndLabel = false };
        var was = before is null ? null : Line(before, "before", beforeName) with { Color = "not", Dash = "dot", Width = 2 };
        return new()
        {
            Title = "Learning rate, step by step",
            X = new("step", 0, Math.Max(hyperparameters.Steps, before?.Steps ?? 0), Decimals: 0),
            Y = new(Min: 0, Decimals: Decimals(hyperparameters.LearningRate)),
            // Where both are the same, the dotted line would only cover the other.
            Series = was is null || was.Y.SequenceEqual(now.Y) && was.X.SequenceEqual(now.X) ? [now] : [was, now],
            Height = 150,
        };
    }

    /// <summary>Evenly spaced steps, and both sides of every bend and jump.</summary>
    private static ChartSeries Line(Hyperparameters h, string key, string name)
    {
        var steps = new SortedSet<int> { 1, h.Steps };
        for (var i = 0; i <= Points; i++) Add(1 + (long)(h.Steps - 1) * i / Points);
        Add(h.WarmUpSteps);
        Add(h.WarmUpSteps + 1);
        if (h.Schedule == Schedule.Step)
        {
            for (var i = 1; i <= Points && h.WarmUpSteps + (long)i * h.StepEvery < h.Steps; i++)
            {
                Add(h.WarmUpSteps + (long)i * h.StepEvery);
                Add(h.WarmUpSteps + (long)i * h.StepEvery + 1);
            }
        }
        return new(key, name) { X = [.. steps.Select(step => (double)step)], Y = [.. steps.Select(h.LearningRateAt)] };

        void Add(long step)
        {
            if (step >= 1 && step <= h.Steps) steps.Add((int)step);
        }
    }

    /// <returns>Enough for three digits of a rate.</returns>
    private static int Decimals(double rate) => Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Max(rate, 1e-6))), 2, 7);

    /// <returns>"0.02 all the way", "rises to 0.02 over 100 steps, then falls to 0 along a cosine".</returns>
    public static string Words(Hyperparameters h)
    {
        var rate = Ranges.LearningRate.Text(h);
        var warm = h.WarmUpSteps > 0 ? string.Create(CultureInfo.InvariantCulture, $"rises to {rate} over {DisplayText.Count(h.WarmUpSteps, "step")}, then ") : "";
        return h.Schedule switch
        {
            Schedule.Cosine => warm.Length > 0 ? $"{warm}falls to almost 0 along a cosine" : $"from {rate} to almost 0 along a cosine",
            Schedule.Step => $"{(warm.Length > 0 ? warm : $"begins at {rate}, ")}is multiplied by {Ranges.StepFactor.Text(h)} every {DisplayText.Count(h.StepEvery, "step")}",
            _ => warm.Length > 0 ? $"{warm}stays there" : $"{rate} throughout",
        };
    }
}
