namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Two logits to probabilities and loss, in double precision, so that sure answers do not round to 0 and 1 too early.</summary>
public static class Softmax
{
    /// <returns>Probabilities of no pneumothorax and of pneumothorax; their sum is 1.</returns>
    public static (double No, double Yes) Probabilities(float logitNo, float logitYes)
    {
        var margin = (double)logitYes - logitNo;
        return (1 / (1 + Math.Exp(margin)), 1 / (1 + Math.Exp(-margin)));
    }

    /// <returns>Cross-entropy in nats: -log of the probability of the label (0 or 1).</returns>
    public static double Loss(float logitNo, float logitYes, byte label)
    {
        var against = label == 1 ? (double)logitNo - logitYes : (double)logitYes - logitNo;

        // log(1 + e^x) without overflow for large x.
        return Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against)));
    }
}
