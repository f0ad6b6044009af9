using Pneumothorax.Lab.Data.Evaluations;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>Finds the image that shows best why maps share one scale.</summary>
public static class FaintestMap
{
    /// <returns>The image whose map reaches least high above 0: with a scale of its own it still looks hot. Null when no map has evidence.</returns>
    public static int? Of(EvaluationFile file, int cls)
    {
        int? faintest = null;
        var least = float.PositiveInfinity;
        for (var index = 0; index < file.Count; index++)
        {
            var highest = float.NegativeInfinity;
            foreach (var value in file.CamOf(index, cls)) highest = Math.Max(highest, value);
            if (highest > 0 && highest < least) (least, faintest) = (highest, index);
        }
        return faintest;
    }
}
